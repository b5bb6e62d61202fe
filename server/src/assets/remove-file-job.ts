import type { Job } from '../jobs/jobs.ts'
import type { MediaStorage } from '../storage/storage.ts'
import { jobNames } from './assets.ts'

/** Removes bytes whose last reference is gone. Its subject is the storage key. */
export const createRemoveFileJob = ({ storage }: { storage: MediaStorage }): Job => ({
  name: jobNames.removeFile,
  run: (key) => storage.remove(key),
})
