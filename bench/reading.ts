import { statSync } from 'node:fs';
import { checkFiles } from '../src/check/check.js';
import { fileBytes } from '../src/core/bytes.js';
import { digestOfSource } from '../src/core/digest.js';
import { median } from './tables.js';

/** Bytes in one second, each once for every repetition. */
export interface Reading {
  readonly checked: readonly number[];
  readonly hashed: readonly number[];
}

/** The first pass over all files beside SHA-256 over the same bytes. */
export async function reading(paths: readonly string[], repetitions: number): Promise<Reading> {
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  const { signal } = new AbortController();
  const rate = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return bytes / ((performance.now() - began) / 1000);
  };
  const checked: number[] = [];
  const hashed: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    checked.push(await rate(() => checkFiles(paths, signal)));
    hashed.push(
      await rate(async () => {
        for (const path of paths) await digestOfSource(await fileBytes(path));
      }),
    );
  }
  return { checked, hashed };
}

export function readingText({ checked, hashed }: Reading): string {
  const mb = (rates: readonly number[]) => (median(rates) / 1e6).toFixed(0);
  const ratio = median(checked.map((rate, at) => rate / (hashed[at] ?? Number.NaN)));
  return `checked ${mb(checked)} MB/s, SHA-256 alone ${mb(hashed)} MB/s: ${ratio.toFixed(2)}`;
}
