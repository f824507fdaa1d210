/** The object with other properties; its methods keep it as their `this`. */
export function override<T extends object>(object: T, properties: Partial<T>): T {
  return new Proxy(object, {
    get: (target, name) => {
      if (name in properties) return Reflect.get(properties, name)
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
