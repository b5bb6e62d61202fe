import type { User } from './users.ts'

/** Pictures of people, where they follow the login service. */
export type FollowPicture = {
  /**
   * Brings the picture of a person to what the login service says: an https address to fetch it from, or an empty text for
   * no picture. Returns at once and never throws: it is fetched in the background, at most once an hour for each person
   * and never twice from the same address; one that cannot be had leaves the old one.
   */
  follow(user: Pick<User, 'id'>, url: string): void
}
