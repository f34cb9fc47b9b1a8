/** A path with the parameters that are not empty. */
export function linkTo(path: string, parameters: Readonly<Record<string, string | number>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== "") query.set(name, String(value));
  return query.size > 0 ? `${path}?${query}` : path;
}
