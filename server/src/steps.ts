// Work in steps: it yields now and then, so that whoever runs it can let others have their turn, or stop.

export type Steps<T> = Generator<void, T>;

/** The result of all steps, without a rest between them. */
export function atOnce<T>(steps: Steps<T>): T {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
  }
}
