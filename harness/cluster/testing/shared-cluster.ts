import { afterAll, beforeAll } from 'vitest'
import { startCluster } from '../start.ts'
import type { Cluster } from '../types.ts'
import { clusterPlan } from './setup.ts'

/** One cluster for the tests of the importing file: started before the first, removed after the last. */
export let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster(clusterPlan())
})
afterAll(() => cluster?.[Symbol.asyncDispose]())
