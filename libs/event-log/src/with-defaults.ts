/** Options over their defaults; an option that is given as undefined has its default too. */
export function withDefaults<D extends object>(defaults: D, options: { readonly [K in keyof D]?: D[K] }): D {
  const given = Object.entries(options).filter(([name, value]) => name in defaults && value !== undefined);
  return { ...defaults, ...(Object.fromEntries(given) as Partial<D>) };
}
