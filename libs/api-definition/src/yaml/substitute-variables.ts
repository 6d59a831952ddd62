/** Values for `${NAME}`, by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

export interface Substituted {
  /** The text, filled in. References to missing variables stay as they were. */
  readonly text: string;
  /** Names that have neither a value nor a default, in order. */
  readonly missing: readonly string[];
  /** True when a value was made up by `standIn`. */
  readonly hasStandIn: boolean;
}

/**
 * Fills `${NAME}` and `${NAME:-default}` in a text. As in a shell, the default also stands in for an empty value; a value is taken
 * as it is and not looked into again. `$${NAME}` writes the reference itself. `standIn` gives a value where there is neither.
 */
export function substituteVariables(
  text: string,
  variables: Variables,
  standIn?: (name: string) => string,
): Substituted {
  if (!text.includes('${')) return { text, missing: [], hasStandIn: false };
  const missing: string[] = [];
  let hasStandIn = false;
  const filled = text.replace(
    reference,
    (whole: string, escape: string, name: string, fallback: string | undefined) => {
      if (escape) return whole.slice(1);
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (fallback !== undefined) return value || fallback;
      if (value === undefined && standIn) {
        hasStandIn = true;
        return standIn(name);
      }
      if (value === undefined) missing.push(name);
      return value ?? whole;
    },
  );
  return { text: filled, missing, hasStandIn };
}

const reference = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
