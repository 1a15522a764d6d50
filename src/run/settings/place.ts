/** Where packages are: a registry or a folder, and the namespace in it. */
import type { GitHubJob } from '../../github/job.js';
import { parseRepositoryName } from '../../oci/reference.js';
import { parseRegistry, type RegistryOrigin } from '../../oci/registry/login/registry-host.js';
import type { InputReader } from './input-reader.js';
import type { PLACE_INPUTS, Spelling } from './inputs.js';

/** Where packages go or come from, and whose they are. */
export type Place =
  | { readonly kind: 'layout'; readonly folder: string; readonly namespace: string }
  /** `origin` is `undefined` where GitHub's own registry is meant. */
  | { readonly kind: 'registry'; readonly origin: RegistryOrigin | undefined; readonly namespace: string };

type PlaceReader = InputReader<typeof PLACE_INPUTS>;

/** What the inputs say of the place; what is wrong with them is complained of to `input`. */
export function placeOf(
  input: PlaceReader,
  github: GitHubJob | undefined,
  spelled: Spelling<typeof PLACE_INPUTS>,
): Place {
  const folder = input.text('oci-layout');
  const origin = input.parsed('registry', parseRegistry);
  const namespace = namespaceOf(input, github);
  if (folder !== undefined) {
    if (input.text('registry') !== undefined) {
      input.complain(
        'oci-layout',
        `a folder and a registry are both given, expected one (leave out ${spelled('registry')})`,
      );
    }
    return { kind: 'layout', folder, namespace };
  }
  if (namespace === '' && input.text('namespace') === undefined) {
    input.complain('namespace', 'nothing was given, expected the owner that the packages belong to, as in octo-org');
  }
  return { kind: 'registry', origin, namespace };
}

/** Registries know lower case only; the owner of a repository keeps its own. */
function namespaceOf(input: PlaceReader, github: GitHubJob | undefined): string {
  const given = input.parsed('namespace', (text) => parseRepositoryName(text.toLowerCase()));
  return given ?? github?.owner?.toLowerCase() ?? '';
}
