/**
 * What is new in a version, from a change log in the form of Keep a Changelog: the chapter of that version,
 * or what is not released yet where there is none.
 */
export function notesOf(changelog: string, version: string): string {
  const chapters = changelog.split(/^(?=## \[)/m).slice(1);
  const of = (name: string): string | undefined =>
    chapters.find((chapter) => chapter.startsWith(`## [${name}]`));
  const chapter = of(version) ?? of('Unreleased');
  const text = chapter?.replace(/^## .*\n/, '').trim();
  return `# Tapgrid ${version}\n\n${text || 'No changes that traders, operators or programs notice.'}\n`;
}
