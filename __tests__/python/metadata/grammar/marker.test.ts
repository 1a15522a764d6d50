import { readRequirement } from '../../../../src/python/metadata/grammar/requirement.js';

function faultOf(marker: string) {
  return readRequirement(`bar; ${marker}`).fault;
}

/** What pip 26.3 and uv 0.13.9 did with each in a `Requires-Dist` of a wheel. */
describe('a marker', () => {
  it.each([
    ...[
      'python_version >= "3.8"',
      "'3.8' <= python_version",
      'os.name == "x"',
      'platform.python_implementation == "x"',
    ],
    ...[
      'extra == "a b"',
      'extra in "a b"',
      'os_name == sys_platform',
      '"a" in os_name',
      'python_version in "2.7, 3.11"',
    ],
    ...['"3"in python_version', 'os_name not in"x"', 'os_name not\t in "x"', 'python_version>"3"and os_name=="x"'],
    ...['(os_name=="x")or(os_name=="y")', '((os_name == "x"))', 'python_version >= "3.x"', 'python_version == "3.*"'],
    ...['python_version ~= "3.8"', '"3" ~= python_version', 'platform_release ~= "1.0"', 'python_version ~= " 3.8 "'],
    ...[
      'os_name == "\\d"',
      'os_name == "\\x41\\u1234\\U0010ffff\\\\"',
      "os_name == 'a\"b'",
      'platform_version >= "#1"',
    ],
  ])('is taken: %s', (marker) => expect(faultOf(marker)).toBeUndefined());

  it.each([
    ['', 'a variable or a quoted text in its marker is missing at the end'],
    ['os_name', 'a comparison in its marker is missing at the end'],
    ['os_name ==', 'a variable or a quoted text in its marker is missing at the end'],
    ['os_name == "x', 'a variable or a quoted text in its marker is missing before ""x"'],
    ['os_name = "x"', 'a comparison in its marker is missing before "= "x""'],
    ['os_name notin "x"', 'a comparison in its marker is missing before "notin "x""'],
    ['OS_NAME == "x"', 'a variable or a quoted text in its marker is missing before "OS_NAME == "x""'],
    ['python_version == 3', 'a variable or a quoted text in its marker is missing before "3"'],
    ['not os_name == "x"', 'a variable or a quoted text in its marker is missing before "not os_name == "x""'],
    ['os_name == "x" and', 'a variable or a quoted text in its marker is missing at the end'],
    ['os_name == "x" AND os_name == "y"', 'its marker goes on with "AND os_name == "y""'],
    ['os_name == "x" # why', 'its marker goes on with "# why"'],
    ['(os_name == "x"', '")" in its marker is missing at the end'],
    ['os_name == "\\x"', 'the text "\\x" in its marker holds a backslash or a line end that Python refuses'],
    ['os_name == "x\\"', 'the text "x\\" in its marker holds a backslash or a line end that Python refuses'],
    ['os_name == "x\n"', 'the text "x\\x0a" in its marker holds a backslash or a line end that Python refuses'],
    ['"a" == "b"', 'its marker compares "a" with "b", two texts'],
    ['"a" in extras', 'its marker asks for extras, which only lock files may'],
    ['dependency_groups == "a"', 'its marker asks for dependency_groups, which only lock files may'],
    ['os_name ~= "1.0"', 'its marker compares os_name with "~=", which needs a version of two numbers or more'],
    [
      'python_version ~= "3"',
      'its marker compares python_version with "~=", which needs a version of two numbers or more',
    ],
    [
      '"1.0" ~= platform_release',
      'its marker compares platform_release with "~=", which needs a version of two numbers or more',
    ],
  ])('is refused by pip: %j', (marker, cause) => expect(faultOf(marker)).toMatchObject({ by: 'pip', cause }));

  it.each([
    ['os_name=="x"and"x"==os_name', 'no blank follows "and"'],
    ['os_name === "x"', 'its marker compares with "==="'],
    ['python_version === "3.8"', 'its marker compares with "==="'],
  ])('is refused by uv: %s', (marker, cause) => expect(faultOf(marker)).toMatchObject({ by: 'uv', cause }));

  it('may have 200 brackets within each other', () => {
    const nested = (depth: number) => faultOf(`${'('.repeat(depth)}os_name == "x"${')'.repeat(depth)}`);
    expect(nested(200)).toBeUndefined();
    expect(nested(201)).toMatchObject({ by: 'pip', cause: 'its marker has more than 200 brackets within each other' });
    expect(nested(400_000)).toMatchObject({ by: 'pip' });
  });
});
