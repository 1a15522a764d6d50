/**
 * A value as JSON text of several lines, with a line end. Besides being JSON it can be printed anywhere: what a terminal
 * or a runner would act on stands escaped, which changes nothing for whoever parses it.
 */
export function jsonText(value: object): string {
  return `${harmless(JSON.stringify(value, undefined, 2))}\n`;
}

/** `##[` is a runner's command wherever it stands; the other characters steer a terminal or hide text. */
function harmless(json: string): string {
  return json.replace(/##(?=\[)/g, '#\\u0023').replace(/[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu, escaped);
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
