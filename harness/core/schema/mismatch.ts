import { Errors } from 'typebox/schema'

/** What this file reads of a JSON Schema. */
export interface SchemaNode {
  /** What a valid value is, in words: errors stop at a schema that has one, and use it. */
  readonly title?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly SchemaNode[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly prefixItems?: readonly SchemaNode[]
  readonly items?: SchemaNode | boolean
}

export interface Mismatch {
  /** Such as `scenarios[2].outcome`; empty for the whole value. */
  readonly path: string
  /** `one of held, broken`, `an integer from 0`. */
  readonly expected: string
  /** JSON, cut after sixty characters; `nothing` for a field that is missing. */
  readonly found: string
}

interface Place {
  readonly path: string
  readonly schema: SchemaNode
  readonly value: unknown
}

/**
 * The first place where a value is not as its schema says. The value is one that it refuses. The
 * `format` of a file comes before all else: in another format, every field looks wrong.
 */
export function findMismatch(schema: SchemaNode, value: unknown): Mismatch {
  const { title: _nameOfTheFormat, ...shape } = schema
  const root: Place = { path: '', schema: shape, value }
  return formatMismatchOf(root) ?? mismatchAt(firstWrongKeys(schema, value).reduce(enter, root))
}

/** A value that is wrong says more than one that is missing. */
function firstWrongKeys(schema: SchemaNode, value: unknown): string[] {
  const [, errors] = Errors(schema, value)
  const error = errors.find(({ keyword }) => keyword !== 'required') ?? errors[0]
  if (error === undefined) return []
  const missing = error.keyword === 'required' ? error.params.requiredProperties.slice(0, 1) : []
  return [...keysOf(error.instancePath), ...missing]
}

/** Formats are named `gauntlet-run/1`: a name and a version. */
function formatMismatchOf(root: Place): Mismatch | undefined {
  const ours = root.schema.properties?.format?.const
  const found = fieldOf(root.value, 'format')
  if (typeof ours !== 'string' || typeof found !== 'string' || found === ours) return undefined
  const mismatch = mismatchAt(enter(root, 'format'))
  const isOtherVersion = found.startsWith(ours.slice(0, ours.lastIndexOf('/') + 1))
  const hint = isOtherVersion ? ', written by another version of gauntlet' : ''
  return { ...mismatch, found: mismatch.found + hint }
}

/** A JSON pointer's keys (RFC 6901). */
function keysOf(pointer: string): string[] {
  const keys = pointer.split('/').slice(1)
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The place one level deeper; the same place when its schema speaks for all that is in it. */
function enter(place: Place, key: string): Place {
  const { path, schema, value } = place
  if (schema.title !== undefined || schema.anyOf !== undefined) return place
  const inArray = Array.isArray(value)
  const child = childOf(schema, key, inArray)
  const step = inArray ? `[${key}]` : path === '' ? key : `.${key}`
  return {
    path: path + step,
    schema: typeof child === 'object' ? child : {},
    value: fieldOf(value, key),
  }
}

function childOf(schema: SchemaNode, key: string, inArray: boolean) {
  if (inArray) return schema.prefixItems?.[Number(key)] ?? schema.items
  const { properties = {}, additionalProperties } = schema
  return Object.hasOwn(properties, key) ? properties[key] : additionalProperties
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Readonly<Record<string, unknown>>)[key]
}

function mismatchAt({ path, schema, value }: Place): Mismatch {
  const meant = objectSchemaOf(schema, value)
  if (meant === undefined) {
    return { path, expected: describeSchema(schema), found: describeValue(value) }
  }
  const inner = findMismatch(meant, value)
  return { ...inner, path: inner.path === '' ? path : `${path}.${inner.path}` }
}

/** The one schema for objects among several; undefined for a value that is no object. */
function objectSchemaOf({ title, anyOf = [] }: SchemaNode, value: unknown): SchemaNode | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const [only, ...others] = anyOf.filter(({ type }) => type === 'object')
  return isObject && title === undefined && others.length === 0 ? only : undefined
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'a JSON object',
  array: 'an array',
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  null: 'null',
}

/** What a schema accepts, in a few words. */
function describeSchema(schema: SchemaNode): string {
  if (schema.title !== undefined) return schema.title
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`
  if (schema.anyOf !== undefined) return schema.anyOf.map(describeSchema).join(' or ')
  const types = schema.type === undefined ? [] : [schema.type].flat()
  const type = types.map((name) => typeNames[name] ?? name).join(' or ') || 'a value'
  return type + describeBounds(schema)
}

function describeBounds({ pattern, minimum, maximum, prefixItems }: SchemaNode): string {
  if (prefixItems !== undefined) return ` of ${prefixItems.length}`
  if (pattern !== undefined) return ` that matches ${pattern}`
  const from = minimum === undefined ? '' : ` from ${minimum}`
  return maximum === undefined ? from : `${from} to ${maximum}`
}

/** A value that was found, as JSON that keeps a message to one line. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
