import { Namespace, SubjectSet, Context } from "@ory/keto-namespace-types"

// A person is written as the subject id of a tuple: the id of the identity in Kratos.
// An OAuth2 client that acts for itself is written as the subject id "client:" followed by its client id.
class User implements Namespace {}

// General > Colonel > Major > Captain > Lieutenant > Sergeant > Corporal > Private
class Rank implements Namespace {
  related: {
    members: User[]
    // The members of every rank above this one, each named outright: one step instead of a walk along a chain.
    higher: SubjectSet<Rank, "members">[]
  }

  permits = {
    // Holds this rank or a higher one.
    atLeast: (ctx: Context): boolean =>
      this.related.members.includes(ctx.subject) ||
      this.related.higher.includes(ctx.subject),

    // Holds a strictly higher rank.
    commands: (ctx: Context): boolean =>
      this.related.higher.includes(ctx.subject),
  }
}

class Capability implements Namespace {
  related: {
    // Whoever holds this rank or a higher one has the capability, so what a rank may do, every higher rank may.
    requires: Rank[]
    granted: User[]
  }

  permits = {
    allow: (ctx: Context): boolean =>
      this.related.granted.includes(ctx.subject) ||
      this.related.requires.traverse((rank) => rank.permits.atLeast(ctx)),
  }
}

class Document implements Namespace {
  related: {
    owners: User[]
    editors: (User | SubjectSet<Rank, "members">)[]
    viewers: (User | SubjectSet<Rank, "members">)[]
    // Whoever holds this rank or a higher one may view.
    minimumRank: Rank[]
  }

  permits = {
    view: (ctx: Context): boolean =>
      this.related.owners.includes(ctx.subject) ||
      this.related.editors.includes(ctx.subject) ||
      this.related.viewers.includes(ctx.subject) ||
      this.related.minimumRank.traverse((rank) => rank.permits.atLeast(ctx)),

    edit: (ctx: Context): boolean =>
      this.related.owners.includes(ctx.subject) ||
      this.related.editors.includes(ctx.subject),

    delete: (ctx: Context): boolean =>
      this.related.owners.includes(ctx.subject),
  }
}
