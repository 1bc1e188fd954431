/** The style of the API page; colours follow the reader's scheme. */
export const docsCss = `
:root { color-scheme: light dark; --line: light-dark(#d8dce2, #2b313a); --soft: light-dark(#f4f6f8, #161a20); --quiet: light-dark(#555e6b, #9aa4b2); --accent: light-dark(#0b63ce, #6cb2ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; font: 1rem/1.55 system-ui, sans-serif; background: light-dark(#fff, #0e1116); color: light-dark(#14181f, #e6eaf0); }
h1 { font-size: 1.75rem; margin: 0 0 1rem; }
h1 small { font-size: 1rem; font-weight: 400; color: var(--quiet); }
h2 { font-size: 1.25rem; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .25rem 0 .75rem; }
a { color: var(--accent); }
code { overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, monospace; font-size: .875rem; }
pre { margin: .25rem 0; padding: .75rem; overflow-x: auto; background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; }
nav ul { list-style: none; padding: 0; columns: 20rem; }
nav li { padding: .15rem 0; }
nav a { text-decoration: none; }
section { margin-top: 2rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
section b, nav b { display: inline-block; min-width: 4.2em; font-size: .8em; }
.get { color: light-dark(#0b63ce, #6cb2ff); } .post { color: light-dark(#1a7f37, #58c878); } .patch { color: light-dark(#8a5a00, #e0b050); } .delete { color: light-dark(#b42318, #ff8a80); }
.title { font-weight: 600; } .title em { font-weight: 400; color: var(--quiet); margin-left: .5em; }
dt { margin-top: .5rem; color: var(--quiet); } dd { margin: 0 0 0 1rem; }
summary { cursor: pointer; color: var(--quiet); font-size: .875rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .5rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
`;
