/**
 * Whether a text fits a pattern, in which `*` stands for any characters and `?` for one. Upper and lower case differ.
 * Goes back to the last star only, so that no pattern takes longer than both lengths multiplied.
 */
export function isMatch(text: string, pattern: string): boolean {
  let [at, place] = [0, 0];
  let star: { readonly place: number; at: number } | undefined;
  while (at < text.length) {
    const wanted = pattern[place];
    if (wanted === '*') {
      star = { place: place + 1, at };
      place += 1;
    } else if (wanted === '?' || wanted === text[at]) {
      [at, place] = [at + 1, place + 1];
    } else if (star) {
      star.at += 1;
      [at, place] = [star.at, star.place];
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(place));
}
