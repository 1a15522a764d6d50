import { join } from 'node:path';
import { run } from '../measure.js';

/** Programs of Python in an environment of their own. */
export interface PythonTools {
  readonly program: (name: string) => string;
}

/** The newest pip and uv, and the two servers that we stand beside. Takes a minute. */
export async function pythonTools(folder: string): Promise<PythonTools> {
  await run('python3', ['-m', 'venv', folder]);
  const program = (name: string): string => join(folder, 'bin', name);
  await run(program('pip'), ['install', '--quiet', '--upgrade', 'pip', 'uv', 'twine', 'pypiserver', 'devpi-server']);
  return { program };
}
