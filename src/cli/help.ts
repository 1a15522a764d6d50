/** What `--help` prints; each fits a terminal of 80 columns and 40 lines. */

const SIGN_IN = `Signing in, unless the Docker config file has an entry for the registry:
  --username NAME
  --password-stdin           read the password from standard input
  --password TEXT            shows in the list of processes: prefer the above
  --github-token TEXT        in GitHub Actions only; GITHUB_TOKEN if not given
`;

const PUBLISH = `Usage: pyoci-publish [options] FILES...
       pyoci-publish check|show|pull --help

Publishes built Python distributions (wheels and sdists) to an OCI registry,
where pip and uv install them from through PyOCI. The verbs look into files
(check) or a registry (show), and get files back from there (pull).

Where to:
  --registry HOST[:PORT]     default ghcr.io; http://HOST for one without TLS
  --namespace NAME           whose packages these are, as in octo-org/python
  --oci-layout FOLDER        an OCI image layout folder instead of a registry

${SIGN_IN}
What to do:
  --if-exists WHAT           error (default), skip or replace, if a file of this
                             name is published with other bytes
  --if-no-files-found WHAT   error (default), warn or ignore
  --dry-run                  do everything but write
  --annotations LINE         key=value, manifest:key=value or index:key=value;
                             may be given many times
  --no-default-annotations   leave out title, description, licenses and so on
  --concurrency NUMBER       uploads in flight (default 4)
  --coordination WHAT        auto (default), journal, settle, off or cache
  --job-index NUMBER         place of this job in its matrix, from 0
  --job-total NUMBER         how many jobs the matrix has
  --pyoci-url URL            in the index URL (default https://pyoci.com)

  --json                     print the result as JSON, on standard output
  --version, --help
Exit status: 0 done, 1 failed, 2 wrong usage.
`;

const CHECK = `Usage: pyoci-publish check [--json] FILES...

Reads built Python distributions and says what each would be published as, and
all that is wrong with any of them. Asks no server and writes nothing.

  FILES                      paths; your shell expands patterns such as dist/*

  --json                     print the result as JSON
  --help
Exit status: 0 all can be published, 1 some cannot, 2 wrong usage.
`;

const IMAGE = `  IMAGE                      as in ghcr.io/octo-org/my_package; http:// in front
                             for a registry without TLS
  --oci-layout FOLDER        an OCI image layout folder instead of a registry:
                             IMAGE is then as in octo-org/my_package
`;

const SHOW = `Usage: pyoci-publish show [options] IMAGE[:TAG]

Lists what a repository holds in PyOCI's layout: versions, files, sizes,
digests, labels, and tags that do not belong there.

${IMAGE}
${SIGN_IN}
  --concurrency NUMBER       requests in flight (default 4)
  --json                     print the result as JSON
  --help
Exit status: 0 done, 1 failed, 2 wrong usage.
`;

const PULL = `Usage: pyoci-publish pull [options] IMAGE:TAG[@DIGEST]

Downloads the files of one version and verifies every byte of them, for
  pip install --no-index --find-links FOLDER NAME

${IMAGE}
  -d, --directory FOLDER     where the files go (default: here)
  --force                    replace files of the same name with other bytes

${SIGN_IN}
  --concurrency NUMBER       downloads in flight (default 4)
  --json                     print the result as JSON, on standard output
  --help
Exit status: 0 done, 1 failed, 2 wrong usage.
`;

export const HELP = { publish: PUBLISH, check: CHECK, show: SHOW, pull: PULL } as const;
