import { ledger } from './ledger.js';

afterAll(() => {
  expect(ledger.leaks()).toEqual([]);
  const { secrets, texts } = ledger.size;
  if (secrets) process.stdout.write(`${secrets} secrets, in none of ${texts} texts and requests\n`);
});
