/** Exceptions that a language or its runtime raises by itself, and those that people raise when any will do. */
const plainNames: ReadonlySet<string> = new Set([
  // Node
  ...['AbortError', 'AggregateError', 'AssertionError', 'DOMException', 'Error', 'EvalError', 'RangeError'],
  ...['ReferenceError', 'SyntaxError', 'SystemError', 'TimeoutError', 'TypeError', 'URIError'],
  // Python
  ...['ArithmeticError', 'AttributeError', 'BaseException', 'ConnectionError', 'Exception', 'FileNotFoundError'],
  ...['ImportError', 'IndexError', 'JSONDecodeError', 'KeyError', 'LookupError', 'MemoryError', 'ModuleNotFoundError'],
  ...['NameError', 'NotImplementedError', 'OSError', 'OverflowError', 'PermissionError', 'RecursionError'],
  ...['RuntimeError', 'StopIteration', 'UnicodeDecodeError', 'ValueError', 'ZeroDivisionError'],
  // Ruby, .NET, Go
  ...['NoMethodError', 'StandardError', 'ArgumentError', 'NullReferenceException', 'errorString', 'wrapError'],
  // How Lambda's header tells failures that were reported from those that were not.
  ...['Handled', 'Unhandled'],
]);

/** Namespaces of Lambda itself (`Runtime.ExitError`, `Sandbox.Timedout`) and of Java's own exceptions. */
const plainNamespaces = ['Runtime.', 'Sandbox.', 'Function.', 'Extension.', 'java.', 'javax.'];

/**
 * True for the name of an error that says nothing a client could act on. AppSync reports these as `Lambda:Unhandled`; a name
 * of the function's own, such as `BoardClosed`, becomes the errorType.
 */
export function isPlainErrorName(name: string): boolean {
  return plainNames.has(name) || plainNamespaces.some((namespace) => name.startsWith(namespace));
}
