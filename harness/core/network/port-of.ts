/** The port of an http or https URL, which leaves the standard one of its scheme out. */
export function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port)
  return protocol === 'https:' ? 443 : 80
}
