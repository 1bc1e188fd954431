import { Rendered } from './rendered.ts';

/**
 * Writes what is the same for everybody as JSON once for each value, whoever asks; with the value it is
 * forgotten.
 */
export function onceFor<Value extends object>(toJson: (value: Value) => unknown) {
  const written = new WeakMap<Value, Rendered>();
  return (value: Value): Rendered => {
    let rendered = written.get(value);
    if (rendered === undefined) written.set(value, (rendered = new Rendered(JSON.stringify(toJson(value)))));
    return rendered;
  };
}
