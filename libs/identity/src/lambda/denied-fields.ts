/** `Task.title`. */
const shortForm = /^([_A-Za-z]\w*)\.([_A-Za-z]\w*)$/;

/** `arn:aws:appsync:<region>:<account>:apis/<api>/types/<type>/fields/<field>`. */
const longForm = /^arn:[^:]*:appsync:[^:]*:[^:]*:apis\/([^/]+)\/types\/([_A-Za-z]\w*)\/fields\/([_A-Za-z]\w*)$/;

/** What the `deniedFields` of an answer come to. */
export interface DeniedFields {
  /** Null: every field may be accessed. */
  readonly allowsField: ((typeName: string, fieldName: string) => boolean) | null;
  /** Entries that name no field of any API. With one of them no field may be accessed: what it was to keep back is not known. */
  readonly unreadable: readonly string[];
}

/**
 * Reads `deniedFields`: `Type.field`, or the ARN of a field, whose region and account do not count. The ARN of another API's
 * field excludes nothing here; that is what the long form is for, where APIs share a function.
 */
export function readDeniedFields(entries: readonly string[], apiId: string): DeniedFields {
  const denied = new Set<string>();
  const unreadable: string[] = [];
  for (const entry of entries) {
    const [, arnApiId = apiId, arnType, arnField] = longForm.exec(entry) ?? [];
    const [, typeName = arnType, fieldName = arnField] = shortForm.exec(entry) ?? [];
    if (typeName === undefined || fieldName === undefined) unreadable.push(entry);
    else if (arnApiId === apiId) denied.add(`${typeName}.${fieldName}`);
  }
  if (unreadable.length > 0) return { allowsField: () => false, unreadable };
  const allowsField = (typeName: string, fieldName: string) => !denied.has(`${typeName}.${fieldName}`);
  return { allowsField: denied.size === 0 ? null : allowsField, unreadable };
}
