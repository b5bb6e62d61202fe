import type { Database } from '../database/database.ts'
import type { OpenidSessions } from './openid-connect.ts'

/** The port `OpenidSessions`, kept in SQL. */
export function createOpenidSessionStore({ db }: { db: Database }): OpenidSessions {
  const rows = () =>
    db
      .selectFrom('openid_sessions')
      .innerJoin('sessions', 'sessions.id', 'openid_sessions.session_id')
      .select([
        'openid_sessions.session_id as sessionId',
        'sessions.user_id as userId',
        'openid_sessions.issuer',
        'openid_sessions.subject',
        'openid_sessions.sid',
        'openid_sessions.id_token as idToken',
      ])

  return {
    async keep({ sessionId, issuer, subject, sid, idToken }) {
      const row = { session_id: sessionId, issuer, subject, sid, id_token: idToken }
      await db.insertInto('openid_sessions').values(row).execute()
    },
    of: async (sessionId) => rows().where('session_id', '=', sessionId).executeTakeFirst(),
    async meant({ issuer, subject, sid }) {
      if (subject === undefined && sid === undefined) return []
      let query = rows().where('issuer', '=', issuer)
      if (subject !== undefined) query = query.where('subject', '=', subject)
      if (sid !== undefined) query = query.where('sid', '=', sid)
      return query.execute()
    },
  }
}
