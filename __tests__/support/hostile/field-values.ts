/** What stands in one place of a field: what every reader takes, and what some or all of them refuse. */
export interface Choice {
  readonly sound: readonly string[];
  readonly odd: readonly string[];
}

export const PROJECTS: Choice = {
  sound: ['bar', 'Bar.Baz', 'b', '1', 'a-b_c'],
  odd: ['bar_', '_bar', '-bar', 'b\u00e4r', 'bar baz', '', '.', 'bar.', '"bar"'],
};
export const EXTRAS: Choice = {
  sound: ['', '', '', '[a]', '[a,b]', ' [ a , b ]', '[]', '[a.b_c-d]'],
  odd: ['[a,]', '[,a]', '[a b]', '[\u00e9]', '[a_]', '[-a]', '[a', 'a]', '[a][b]', '(a)'],
};
export const SPECIFIERS: Choice = {
  sound: [
    ...['', '>=1', ' >=1,<2', '(>=1)', ' (>=1.0,<2)', ' ( >= 1.0 , < 2 ) ', '==1.*', '~=1.0', '===any'],
    ...['!=1', '!=1.*', '==1.0+local', '>=1.0.dev0', '> 1', '<2.0a1', '>=1!1', '>=v1', '==1.0.post1'],
    ...['>=1.0-1', '>=01.0', '>=1.0-dev', ' @ https://x.example/a.zip', '@https://x.example/a.zip'],
    ...[' @ git+https://x.example/a.git@main#egg=bar'],
  ],
  odd: [
    ...['>=1.*', '~=1', '~=1.0.*', '<=1.*', '>1.*', '>=1.0+local', '~=1.0+local', '>=1,', ',>=1', '>=1,,<2'],
    ...['>=1 <2', '1.0', '(1.0)', '=1', '=>1', '>=', '(>=1', '>=1)', '()', '>=1.x', '==1.0.*.1', '>=1.0.'],
    ...['^1.0', '~1', '*', '==*', '>=1.0-', '===1.0.x-y', '=== 1.0 2', '===', '==1.0.dev1.*', '==1.0rc1.*'],
    ...['==1.0+local.*', '==1.0.post1.*', '> =1', '>=1;', '((>=1))', '(>=1),(<2)', '>=1||<2', '>=1 and <2'],
    ...['==1 .0', '>="1"', '<>1', '===1.0;', '>=1.0 # why', '\t>=1', '>=\t1', '>=1\u00a0', ' @ file:///x'],
    ...[' @ ./x', ' @ x', '@', ' @ https://x.example/\u0024{V}.zip', ' @ https://[::1/a.zip', ' @ http://'],
    ...[' @ a b', ' @ https://x.example/a.zip;', ' @ https://x.example/a.zip ,', ' @ ../x', ' @ /x'],
    ...[' @ C:\\x', ' @ git+ssh://x/y', ' @ ?x', ' @ hg+https://x.example/r', ' @ https://x.example:99999/'],
    ...['>=1 @ https://x.example/a.zip', ' @ file://x', ' @ https://x.example/\u00e9'],
  ],
};
export const MARKERS: Choice = {
  sound: [
    ...['', '', ' ; extra == "x"', " ; python_version>'3'", ' ; os_name == "nt"', ' ;"x" == extra'],
    ...[" ; platform_machine != 'x'", " ; extra == 'x' and (python_version < '3' or os.name == 'nt')"],
    ...[" ;extra=='x'", " ; 'linux' in sys_platform", " ; sys_platform not in 'a b'"],
    ...[" ; python_implementation == 'CPython'", " ; platform.python_implementation != 'x'"],
    ...[" ; python_full_version > '3.8.0rc1'", " ; python_version in '2.7 3.8'"],
    ...[" ; platform_release >= '20.0'"],
  ],
  odd: [
    ...["; implementation_name === 'x'", "; python_version >= '3.x'", " ; python_version ~= '3'"],
    ...[" ; extra in 'a,b'", ' ; os_name == os_name', " ; 'x' in extras", ' ; extras == "x"'],
    ...[" ; 'g' in dependency_groups", " ; extra == '\u00e9'", " ; extra == '-'", " ; extra == ''", ' ;'],
    ...[' ; ', ' ; python_version', ' ; foo == "x"', ' ; "x" == "y"', ' ; python_version >= 3'],
    ...[' ; extra == "a" or', " ; (extra == 'x'", " ;extra=='x')", ' ; not extra == "x"', ' ; extra == \'x"'],
    ...[" ; extra = 'x'", ' ; and extra == "x"', " ; python_version == '3.*'", " ; python_version >= '3.*'"],
    ...[" ; sys_platform == 'a' == 'b'", " ; os_name == 'a''b'", " ; python_version == '3.8' or", ' ; ()'],
    ...[" ; (extra == 'x'))", ' ; python_version > "3" , extra == "x"', " ; extra is 'x'"],
    ...[" ; extra == 'a\\'b'", " ; python_version == ''", " ; python_version < 'x'", " ; extra>='1'"],
    ...[" ; extra ~= 'x'", " ; Extra == 'x'", " ; extra == 'x' AND os_name == 'y'"],
    ...[" ; python_version not  in '3'", " ; python_versionin '3'", " ; 'a'in extra"],
    ...[" ; extra=='x'and os_name=='y'", " ; extra == 'x' # why", " ; ; os_name == 'x'"],
    ...[" ; platform_version == '#1 SMP; x'", " ; os_name == '\u00e9'", ' ; os_name == "it\'s"'],
    ...[" ; implementation_version >= '3'", " ; python_version == '3.8' == '3'"],
  ],
};
export const PYTHONS: Choice = {
  sound: [
    ...['>=3.6', '>=3.6,<4', '>=2.6, !=3.0.*, !=3.1.*, <4', '==3.*', '~=3.6', '!=3.5', '>3', '<4', '>= 3 '],
    ...['>=3.6 ,<4', ''],
  ],
  odd: [
    ...['===3.11', '>=3.6,', ',>=3', '>=3.6.*', '>3.*', '<4.*', '3', '3.6+', '>=3.6 <4', '~=3', '>=3;'],
    ...['(>=3)', '*', '>=2.7.x', 'any', 'UNKNOWN', '>=3.8,,<4', '>="3.8"', "'>=3.8'", '>=3.7-', '>=3.7.'],
    ...['python >=3', '>=3.6.dev0', '=>3', '=3.6', '^3.6', '<3.*', '==3.6.*.*', '>=3.x', '>=3.6+x'],
    ...['>=3.6\u00a0', '>=\u0663', '>=3.6|<3', '>=3.6\t,<4', '!=3.*.1', '>=3.6rc', '~=3.*', '<=3.*'],
    ...['> 3. 6', '> =3', '>=3.6,\n <4', '>=3.6 or <3', '>=3 # x', '>=3,<4.0a', '==3.6+x', '=== x', '[>=3]'],
    ...['>=v3', '>=3.6, , <4', '!3', '>=99999999999999999999', '>=3.6.0.0.0.0.0.0', '==1!3', '>=3.6-1'],
    ...['\uff1e=3', '>=3\u200b', '>=3;python_version>"3"'],
  ],
};
export const NAMES: Choice = {
  sound: ['x', 'X.y_z-1', 'all', '1'],
  odd: [
    ...['x_', '-x', 'x y', '\u00e9', '', '_', '.', 'x[y]', 'x;', 'a'.repeat(300), 'x,y', '.x', 'x.', 'x/y', '"x"'],
    ...['x+y'],
  ],
};
export const DYNAMIC: Choice = {
  sound: ['Requires-Dist', 'requires-dist', 'Requires-Python', 'License', 'Keywords', 'Description'],
  odd: [
    ...['Name', 'Version', 'Metadata-Version', 'version', 'Foo', '', 'Requires Dist', 'Dynamic'],
    ...['Summary, Keywords', 'Obsoletes', 'NAME'],
  ],
};
export const TYPES: Choice = {
  sound: [
    ...['text/markdown', 'text/x-rst', 'text/plain', 'text/markdown; charset=UTF-8; variant=GFM'],
    ...['text/markdown;variant=CommonMark'],
  ],
  odd: [
    ...['TEXT/MARKDOWN', 'text/markdown; charset="utf-8"', 'text/x-rst; charset=utf8', 'text/html'],
    ...['text/markdown; variant=gfm', ' ; x', 'text/plain; charset=latin-1', 'text/markdown; variant=X'],
    ...['markdown', 'text/markdown;', 'text/', '/', '', ';', 'text/x-rst\u00a0'],
    ...['text/markdown charset=UTF-8', 'text/markdown; charset', 'UNKNOWN', 'text/markdown, text/plain'],
    ...['text/markdown; charset=UTF-8;;'],
  ],
};
