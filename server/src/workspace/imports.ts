// Where an import leads. Addresses of the INDIGO types are answered by the bundled ones, whatever the branch.

export type ImportTarget =
  | { readonly kind: 'bundled'; readonly family: 'indigo' }
  | { readonly kind: 'file'; readonly uri: string }
  | { readonly kind: 'remote'; readonly url: string }
  | { readonly kind: 'invalid'; readonly problem: string };

/** Addresses under which indigo-dc publishes custom_types.yaml. */
const indigoAddresses: readonly RegExp[] = [
  /^https?:\/\/raw\.githubusercontent\.com\/indigo-dc\/tosca-types\/.+\/custom_types\.ya?ml$/,
  /^https?:\/\/(www\.)?github\.com\/indigo-dc\/tosca-types\/(raw|blob)\/.+\/custom_types\.ya?ml$/,
];

export function importTarget(written: string, from: string): ImportTarget {
  if (indigoAddresses.some(address => address.test(written.split(/[?#]/)[0] ?? '')))
    return { kind: 'bundled', family: 'indigo' };
  try {
    const url = new URL(written, from);
    if (url.protocol === 'file:') return { kind: 'file', uri: url.href };
    if (url.protocol === 'http:' || url.protocol === 'https:') return { kind: 'remote', url: url.href };
    return {
      kind: 'invalid',
      problem: `Imports are read from files and over HTTP, not from \`${url.protocol}\` addresses.`,
    };
  } catch {
    return { kind: 'invalid', problem: `\`${written}\` is neither a path nor a URL.` };
  }
}
