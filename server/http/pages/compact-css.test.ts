import { expect, test } from 'bun:test';
import { compactCss } from './compact-css.ts';

test.each([
  ['.a {\n  color: red;\n}\n\n.b,\n.c {\n  top: 0;\n}\n', '.a{color:red;}.b,.c{top:0;}'],
  ['/* one; two { */\n.a { /* three */\n  top: 0; /* four */\n}', '.a{top:0;}'],
  ['.a  .b > .c :is(.d, .e) { width: calc(1px +\n 2px); }', '.a .b > .c :is(.d,.e){width:calc(1px + 2px);}'],
  [".a::before { content: ' ; , /* no comment */ '; }", ".a::before{content:' ; , /* no comment */ ';}"],
  ['.a { content: "a\\" ; b"; }', '.a{content:"a\\" ; b";}'],
  // The second one is for browsers that know it.
  ["i { content: '✓';\n content: '✓' / ''; }", "i{content:'✓';content:'✓' / '';}"],
  [
    '@media (min-width: 1px) and (max-width: 2px) { .a { top: 0 } }',
    '@media (min-width:1px) and (max-width:2px){.a{top:0}}',
  ],
])('%j', (css, compact) => expect(compactCss(css)).toBe(compact));
