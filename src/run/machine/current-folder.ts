/** The current folder of the process; `undefined` if it was deleted, which Node answers with an error. */
export function currentFolder({ cwd }: Pick<NodeJS.Process, 'cwd'>): string | undefined {
  try {
    return cwd();
  } catch {
    return undefined;
  }
}
