import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aWheel, wheelName } from '../../../support/builders.js';

const folder = (name: string): string => fileURLToPath(new URL(`actions/${name}`, import.meta.url));

/**
 * The actions of others that our workflows name, which cannot be fetched here, each with what stands in for it. The two
 * of artifacts make the calls to the runner's artifact service that the originals make.
 */
export const ACTIONS: Readonly<Record<string, string>> = {
  'actions/checkout@v4': folder('checkout'),
  'actions/checkout@v7': folder('checkout'),
  'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1': folder('checkout'),
  'actions/upload-artifact@v7': folder('upload-artifact'),
  'actions/download-artifact@v8': folder('download-artifact'),
  'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c': folder('download-artifact'),
  'actions/attest@v4': folder('attest'),
  'actions/attest@1e69f48acb82d1966a394da916b4c1698aa569d6': folder('attest'),
  'astral-sh/setup-uv@v7': folder('setup-uv'),
  'PyO3/maturin-action@v1': folder('maturin-action'),
};

/**
 * The one program that cannot do here what it does on GitHub: cibuildwheel builds in containers. In its place pip and uv
 * find a package of that name which builds one wheel and says that it is for the platform of the leg.
 */
export function cibuildwheel(): Readonly<Record<string, string>> {
  const links = mkdtempSync(join(tmpdir(), 'pyoci-publish-cibuildwheel-'));
  const options = {
    name: 'cibuildwheel',
    version: '999.0',
    headers: ['Requires-Dist: build', 'Requires-Dist: wheel'],
    files: {
      'cibuildwheel/__init__.py': MODULE,
      'cibuildwheel-999.0.dist-info/entry_points.txt': '[console_scripts]\ncibuildwheel = cibuildwheel:main\n',
    },
  };
  writeFileSync(join(links, wheelName(options)), aWheel(options));
  const found = [process.env.PIP_FIND_LINKS, links].filter(Boolean).join(' ');
  return { PIP_FIND_LINKS: found, UV_FIND_LINKS: links, STAND_IN_LEGS: mkdtempSync(join(links, 'legs-')) };
}

/** Each job of a run takes the next platform: which one it was meant for, nobody tells it. */
const MODULE = `import glob, itertools, os, subprocess, sys, tempfile

PLATFORMS = ["manylinux_2_17_x86_64", "manylinux_2_17_aarch64", "win_amd64", "macosx_11_0_arm64"]


def leg():
    for at in itertools.count():
        try:
            os.mkdir(os.path.join(os.environ["STAND_IN_LEGS"], str(at)))
            return at
        except FileExistsError:
            pass


def main():
    out = sys.argv[sys.argv.index("--output-dir") + 1] if "--output-dir" in sys.argv else "wheelhouse"
    with tempfile.TemporaryDirectory() as made:
        subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", made], check=True)
        [wheel] = glob.glob(os.path.join(made, "*.whl"))
        tags = ["--python-tag", "cp312", "--abi-tag", "cp312", "--platform-tag", PLATFORMS[leg() % len(PLATFORMS)]]
        subprocess.run([sys.executable, "-m", "wheel", "tags", "--remove", *tags, wheel], check=True)
        os.makedirs(out, exist_ok=True)
        [wheel] = glob.glob(os.path.join(made, "*.whl"))
        os.replace(wheel, os.path.join(out, os.path.basename(wheel)))
`;
