import type { FeatureName } from '../topology/etcd-features.ts'
import type { MemberConfiguration } from '../topology/member-configuration.ts'
import type { Problem, Setting } from './form.ts'
import type { NamedRelease } from './text/release-archives.ts'
import type { YamlValue } from './text/yaml-document.ts'

/** How a setting reaches etcd, which decides what etcd does with one that it does not know. */
type Door = 'flag' | 'variable' | 'key'

/** A setting that a user's file gives, by the name of etcd's flag. */
export interface GivenSetting extends Setting {
  readonly door: Door
  /** Of a setting of a YAML file: its keys from the top of the file on. */
  readonly keys?: readonly string[]
  /** The value is known where it runs alone: a variable of the machine, or a template's. */
  readonly isUnresolved?: true
  /** The deployer that sets it itself, where the file does not: `k0s`. */
  readonly setBy?: string
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
  /** It reaches etcd, and every version ignores it without a word. */
  readonly isIgnored?: true
  /** It is a setting of the user's to choose, and no given file has its value. */
  readonly isUnresolved?: true
  /** Versions with that feature exit for it. */
  readonly endsEtcd?: FeatureName
}

/** Another file that the member reads, or that gives the file its variables. */
export interface ReadFile {
  /** `defaults` are for the variables of the file alone: etcd does not get them. */
  readonly kind: 'environment' | 'yaml' | 'defaults' | 'role-variables'
  /** Whose rules a file of variables follows; without it those of systemd. */
  readonly reader?: 'systemd' | 'compose' | 'runtime' | 'shell'
  readonly path: string
  readonly line: number
  /** The member starts without it, too. */
  readonly isOptional: boolean
  /** The file that names it may refer to its variables. */
  readonly expands?: true
}

/** What a file says of one member, or of each member when it is a template. */
export interface MemberReading {
  /** What the file calls it: a service, a host, a Pod. Empty when the whole file is one member. */
  readonly label: string
  readonly settings: readonly GivenSetting[]
  readonly notUnderstood: readonly NotUnderstood[]
  /** What the files that it reads replace, unlike the rest. */
  readonly environment?: Pick<MemberReading, 'settings' | 'notUnderstood'>
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
  /** Files that stand within this one, such as those of a ConfigMap. */
  readonly files?: readonly EmbeddedFile[]
  /** That the file gets: the only one is that of the members without an image of etcd. */
  readonly releases?: readonly NamedRelease[]
  /** Of the whole file, beside what its members have. */
  readonly notUnderstood?: readonly NotUnderstood[]
}

export interface EmbeddedFile {
  readonly name: string
  /** Without `lines` behind as many empty lines as it has above it: its lines are those of the whole file. */
  readonly text: string
  /** Of each of its lines the one of the whole file. */
  readonly lines?: readonly number[]
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
  /** `variables` are those of the files that the file refers to, where they are known. */
  read(content: FileContent, variables?: ReadonlyMap<string, string>): FileReading
  /**
   * The files that configure these members in this form; absent where a form cannot carry every
   * option. Reading them gives each member's configuration again.
   */
  write?(members: readonly WrittenMember[]): readonly WrittenFile[]
}

/** A member, and what a file says of it beside its options. */
export interface WrittenMember {
  readonly member: string
  readonly image: string
  readonly configuration: MemberConfiguration
}

interface WrittenFile {
  /** Without a folder. */
  readonly name: string
  readonly text: string
}
