import { pythonWith } from './environments.js';

/** A tool that uploads, and how it is told to: as docs/upload.md tells its users. */
export interface Uploader {
  readonly requirements: readonly string[];
  /** Which project of `projects/` it uploads. */
  readonly project: string;
  /** What it is called with, in the folder of the project; `files` are those in its `dist`. */
  readonly command: (python: string, files: readonly string[]) => readonly string[];
}

export const UPLOADERS: Readonly<Record<string, Uploader>> = {
  twine: {
    requirements: ['twine==7.0.0'],
    project: 'setuptools',
    command: (python, files) => [python, '-m', 'twine', 'upload', '--disable-progress-bar', ...files],
  },
  uv: { requirements: ['uv==0.13.9'], project: 'uv', command: (python) => [python, '-m', 'uv', 'publish'] },
  Poetry: {
    requirements: ['poetry==2.5.1'],
    project: 'poetry',
    command: (python) => [python, '-m', 'poetry', 'publish', '--repository', 'pyoci', '--no-interaction'],
  },
  hatch: {
    requirements: ['hatch==1.18.2'],
    project: 'hatchling',
    command: (python) => [python, '-m', 'hatch', 'publish', '--no-prompt'],
  },
  // It builds what it uploads, and uploads nothing else.
  flit: {
    requirements: ['flit==4.2.0'],
    project: 'flit',
    command: (python) => [python, '-m', 'flit', 'publish', '--no-use-vcs'],
  },
  PDM: {
    requirements: ['pdm==2.29.4', 'hishel<2'],
    project: 'setuptools',
    command: (python) => [python, '-m', 'pdm', 'publish', '--no-build'],
  },
  maturin: {
    requirements: ['maturin==1.16.0'],
    project: 'uv',
    command: (python, files) => [python, '-m', 'maturin', 'upload', ...files],
  },
};

/** The Python that has a tool. */
export function pythonFor({ requirements }: Uploader): string {
  return pythonWith(requirements);
}
