/** The command behind others at the processor, by so much niceness, where the system has `nice`. */
export function behindOthers(command: readonly string[], niceness: number): string[] {
  const nice = Bun.which('nice');
  return nice === null ? [...command] : [nice, '-n', String(niceness), ...command];
}
