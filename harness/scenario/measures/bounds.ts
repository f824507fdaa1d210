/** Between what and what a measure lies; `most` is null without an upper bound. */
export type Bounds = Readonly<
  Record<string, { readonly least: number; readonly most: number | null; readonly why: string }>
>
