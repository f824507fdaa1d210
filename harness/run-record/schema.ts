/**
 * The part of JSON Schema 2020-12 that the record needs, checked without a library so that the
 * installed command stays small. A test holds it against a full validator.
 */
export interface Schema {
  readonly $schema?: string
  readonly $id?: string
  readonly title?: string
  readonly description?: string
  readonly type?: TypeName | readonly TypeName[]
  readonly const?: string
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minimum?: number
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly items?: Schema
}

type TypeName = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null'

export interface Mismatch {
  /** Such as `scenarios[2].outcome`; empty for the whole value. */
  readonly path: string
  readonly expected: string
  readonly found: string
}

/** The first place where `value` is not as the schema says; undefined when it is. */
export function mismatchOf(value: unknown, schema: Schema, path = ''): Mismatch | undefined {
  const wrong = wrongItself(value, schema, path)
  if (wrong !== undefined) return wrong
  if (Array.isArray(value)) return mismatchOfItems(value, schema, path)
  if (isObject(value)) return mismatchOfFields(value, schema, path)
  return undefined
}

function wrongItself(value: unknown, schema: Schema, path: string): Mismatch | undefined {
  const expected = expectationOf(schema)
  const wrong = { path, expected, found: describe(value) }
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) return wrong
  if (schema.const !== undefined && value !== schema.const) return wrong
  if (schema.enum !== undefined && !schema.enum.includes(value as string)) return wrong
  if (typeof value === 'string' && schema.pattern !== undefined) {
    if (!new RegExp(schema.pattern, 'u').test(value)) return wrong
  }
  if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum) {
    return wrong
  }
  return undefined
}

function mismatchOfItems(
  items: readonly unknown[],
  schema: Schema,
  path: string,
): Mismatch | undefined {
  if (schema.items === undefined) return undefined
  for (const [index, item] of items.entries()) {
    const wrong = mismatchOf(item, schema.items, `${path}[${index}]`)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function mismatchOfFields(
  object: Readonly<Record<string, unknown>>,
  schema: Schema,
  path: string,
): Mismatch | undefined {
  const at = (field: string) => (path === '' ? field : `${path}.${field}`)
  for (const field of schema.required ?? []) {
    if (Object.hasOwn(object, field)) continue
    const expected = expectationOf(schema.properties?.[field] ?? {})
    return { path: at(field), expected, found: 'nothing' }
  }
  for (const [field, value] of Object.entries(object)) {
    const known = schema.properties
    const child = known && Object.hasOwn(known, field) ? known[field] : schema.additionalProperties
    const wrong = child === undefined ? undefined : mismatchOf(value, child, at(field))
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function isOfType(value: unknown, type: TypeName): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function expectationOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`
  const type = [schema.type ?? 'a value'].flat().join(' or ')
  if (schema.pattern !== undefined) return `a ${type} that matches ${schema.pattern}`
  if (schema.minimum !== undefined) return `${type} of at least ${schema.minimum}`
  return type
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
