/** `Task.title`. */
const shortForm = /^([_A-Za-z]\w*)\.([_A-Za-z]\w*)$/;

/** `arn:aws:appsync:<region>:<account>:apis/<api>/types/<type>/fields/<field>`. */
const longForm = /^arn:[^:]*:appsync:[^:]*:[^:]*:apis\/([^/]+)\/types\/([_A-Za-z]\w*)\/fields\/([_A-Za-z]\w*)$/;

/** The names of the object types that implement an interface; none for any other name. */
export type ImplementationsOf = (interfaceName: string) => readonly string[];

/** What the `deniedFields` of an answer come to. */
export interface DeniedFields {
  /** Null: every field may be accessed. */
  readonly allowsField: ((typeName: string, fieldName: string) => boolean) | null;
  /** Entries that name no field of any API. With one of them no field may be accessed: what it was to keep back is not known. */
  readonly unreadable: readonly string[];
  /** The fields of this API that entries name, as written: `Type.field`. */
  readonly named: readonly string[];
}

/**
 * Reads `deniedFields`: `Type.field`, or the ARN of a field, whose region and account do not count. The ARN of another API's
 * field excludes nothing here; that is what the long form is for, where APIs share a function. What is read is always the field of an
 * object type, so the field of an interface excludes that of every type that implements it.
 */
export function readDeniedFields(
  entries: readonly string[],
  apiId: string,
  implementationsOf: ImplementationsOf = () => [],
): DeniedFields {
  const denied = new Set<string>();
  const unreadable: string[] = [];
  const named: string[] = [];
  for (const entry of entries) {
    const [, arnApiId = apiId, arnType, arnField] = longForm.exec(entry) ?? [];
    const [, typeName = arnType, fieldName = arnField] = shortForm.exec(entry) ?? [];
    if (typeName === undefined || fieldName === undefined) unreadable.push(entry);
    else if (arnApiId === apiId) {
      named.push(`${typeName}.${fieldName}`);
      for (const name of [typeName, ...implementationsOf(typeName)]) denied.add(`${name}.${fieldName}`);
    }
  }
  if (unreadable.length > 0) return { allowsField: () => false, unreadable, named };
  const allowsField = (typeName: string, fieldName: string) => !denied.has(`${typeName}.${fieldName}`);
  return { allowsField: denied.size === 0 ? null : allowsField, unreadable, named };
}
