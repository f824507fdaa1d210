import type { EmbeddedFile, NotUnderstood } from '../file-form.ts'
import { joinPrinted, nothingPrinted, type Printed, textOf } from './printed.ts'
import { areAlternatives, type Branches } from './shell-branches.ts'

/** Where in the script a file is written. */
interface WritePlace {
  readonly line: number
  readonly branches: () => Branches
}

interface WrittenFile {
  readonly text: Printed
  readonly branches: readonly Branches[]
}

/**
 * The files that a script writes, as far as it can be followed. `notes` says where it cannot: nothing of
 * such a file is known from then on.
 */
export class WrittenFiles {
  readonly #files = new Map<string, WrittenFile>()
  readonly #notes = new Map<string, NotUnderstood>()

  get(path: string): Printed | undefined {
    return this.#files.get(path)?.text
  }

  /** Undefined is a text that does not follow from the script. */
  write(path: string, text: Printed | undefined, { line, branches: whereIn }: WritePlace): void {
    const branches = whereIn()
    const former = this.#files.get(path)
    if (text === undefined) {
      this.#files.delete(path)
      this.#note(path, line, 'the script writes it in a way that is not followed')
      return
    }
    this.#noteAlternatives(path, former, branches)
    this.#files.set(path, { text, branches: [branches] })
  }

  append(path: string, text: Printed | undefined, { line, branches: whereIn }: WritePlace): void {
    const branches = whereIn()
    const former = this.#files.get(path)
    if (text === undefined) {
      this.#note(path, line, unfollowed, former !== undefined)
      return
    }
    if (former === undefined) {
      const why = 'the script appends to it, and what stood in it before is not known: give it too'
      this.#note(path, line, why)
    }
    this.#noteAlternatives(path, former, branches)
    this.#files.set(path, {
      text: joinPrinted(former?.text ?? nothingPrinted, text),
      branches: [...(former?.branches ?? []), branches],
    })
  }

  /** `change` is what becomes of the text; undefined where that does not follow. */
  edit(path: string, change: (text: Printed) => Printed | undefined, place: WritePlace): void {
    const former = this.#files.get(path)
    const text = former && change(former.text)
    if (former !== undefined && text !== undefined) {
      this.#files.set(path, { ...former, text })
      return
    }
    const isOwn = former !== undefined
    const missing = 'the script changes it, and does not write it: give it as it is in the end'
    this.#note(path, place.line, isOwn ? unfollowed : missing, isOwn)
  }

  /** Its name from then on; a copy that keeps its name is the same file. */
  copy(from: string, to: string, { isMoved }: { readonly isMoved: boolean }): void {
    const file = this.#files.get(from)
    if (file === undefined) return
    if (isMoved || nameOf(from) === nameOf(to)) this.#files.delete(from)
    this.#files.set(to, file)
  }

  get files(): readonly EmbeddedFile[] {
    return [...this.#files].map(([name, { text }]) => ({
      name,
      text: textOf(text),
      lines: text.lines.map(({ line }) => line),
    }))
  }

  get notes(): readonly NotUnderstood[] {
    return [...this.#notes.values()]
  }

  /** `isOpen`: what is read of the file may not be what it has in the end. */
  #note(path: string, line: number, why: string, isOpen = false): void {
    if (this.#notes.get(path)?.isUnresolved) return
    const note = { setting: path, value: '', line, why }
    this.#notes.set(path, isOpen ? { ...note, isUnresolved: true } : note)
  }

  #noteAlternatives(path: string, former: WrittenFile | undefined, branches: Branches): void {
    const isOther = former?.branches.some((one) => areAlternatives(one, branches))
    const first = former?.text.lines[0]?.line
    const why = 'another arm of the script writes it in another way, which is not read'
    if (isOther === true && first !== undefined) this.#note(path, first, why)
  }
}

const unfollowed =
  'the script changes it in a way that is not followed: give it as it is in the end'

const nameOf = (path: string) => path.split('/').at(-1) ?? ''
