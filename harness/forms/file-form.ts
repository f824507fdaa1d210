import type { MemberConfiguration } from '../topology/member-configuration.ts'
import type { Problem, Setting } from './form.ts'
import type { YamlValue } from './text/yaml-document.ts'

/** How a setting reaches etcd, which decides what etcd does with one that it does not know. */
export type Door = 'flag' | 'variable' | 'key'

/** A setting that a user's file gives, by the name of etcd's flag. */
export interface GivenSetting extends Setting {
  readonly door: Door
}

/** What a user's file says beside settings of etcd, or in a way that etcd does not understand. */
export interface NotUnderstood {
  readonly setting: string
  readonly value: string
  readonly line: number
  /** The known name that is nearest to it. */
  readonly nearest?: string
  /** Completes "not understood: …": whose it is, or why it has no effect. */
  readonly why?: string
}

/** Another file that the member reads. */
export interface ReadFile {
  readonly kind: 'environment' | 'yaml'
  readonly path: string
  readonly line: number
  /** The member starts without it, too. */
  readonly isOptional: boolean
}

/** What a file says of one member, or of each member when it is a template. */
export interface MemberReading {
  /** What the file calls it: a service, a host, a Pod. Empty when the whole file is one member. */
  readonly label: string
  readonly settings: readonly GivenSetting[]
  readonly notUnderstood: readonly NotUnderstood[]
  readonly image?: { readonly reference: string; readonly line: number }
  readonly reads?: readonly ReadFile[]
  /** The deployer gives every member certificates, although the file does not say so. */
  readonly hasTls?: true
  /** How many members it stands for, where the file says so. */
  readonly count?: number
  /** Variables that other lines of the same deployment may refer to. */
  readonly variables?: ReadonlyMap<string, string>
}

export interface FileReading {
  readonly members: readonly MemberReading[]
  readonly problems: readonly Problem[]
}

/** A text, and the same as YAML where it is YAML. */
export interface FileContent {
  readonly text: string
  /** Undefined when the text has a syntax that is not YAML's. */
  readonly documents: readonly YamlValue[] | undefined
}

/**
 * A form in which people keep a deployment of etcd, as a reader of whole files. Pure; it never
 * throws: what it cannot read is a problem with its line.
 */
export interface FileForm {
  /** As `--form` takes it. */
  readonly name: string
  /** With its article: `a static Pod`. */
  readonly title: string
  /** Whether that is what the file is. The first form of `fileForms` that says so reads it. */
  recognises(content: FileContent): boolean
  read(content: FileContent): FileReading
  /**
   * The files that configure a member in this form; absent where a form cannot carry every option.
   * Reading them gives the configuration again.
   */
  write?(configuration: MemberConfiguration, place: WritingPlace): readonly WrittenFile[]
}

/** What a written file says beside the options. */
export interface WritingPlace {
  readonly member: string
  readonly image: string
}

interface WrittenFile {
  /** Without a folder. */
  readonly name: string
  readonly text: string
}
