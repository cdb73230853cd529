using Microsoft.Data.Sqlite;
using NovaId.Api.Authorization;
using NovaId.Api.Keys;
using NovaId.Api.Storage;

namespace NovaId.Api.Documents;

/// <summary>The documents in the database. Who may see them is not written here: Keto alone knows.</summary>
internal sealed class DocumentStore(SqliteDatabase database)
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS documents (
            row INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            content TEXT NOT NULL,
            owner_id TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS documents_by_owner ON documents (owner_id, row);
        """;

    public Task InsertAsync(Document document, CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO documents (id, title, content, owner_id, created_at, updated_at)
        VALUES ($id, $title, $content, $owner, $created, $updated)
        """,
        cancellationToken,
        ("$id", document.Id.ToString()),
        ("$title", document.Title),
        ("$content", document.Content),
        ("$owner", document.OwnerId),
        ("$created", document.CreatedAt.ToUnixTimeMilliseconds()),
        ("$updated", document.UpdatedAt.ToUnixTimeMilliseconds()));

    public Task<Document?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => Find(connection, id), cancellationToken);

    /// <summary>Changes the document; null if there is none.</summary>
    /// <param name="id">The document.</param>
    /// <param name="content">What it is to say.</param>
    /// <param name="now">When it is changed; later than it was changed last in any case, so that the time is a version.</param>
    /// <param name="admit">Sees the document as it is and throws if it is not to be changed; nobody comes between.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Document?> UpdateAsync(
        Guid id,
        DocumentContent content,
        DateTimeOffset now,
        Action<Document> admit,
        CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection =>
            {
                // Not deferred: whoever else has the file open waits from here on.
                using var transaction = connection.BeginTransaction(deferred: false);
                if (Find(connection, id) is not { } present)
                {
                    return null;
                }

                admit(present);
                var changed = present with
                {
                    Title = content.Title,
                    Content = content.Content,
                    UpdatedAt = now > present.UpdatedAt ? now : present.UpdatedAt.AddMilliseconds(1),
                };
                using var command = connection.Command(
                    "UPDATE documents SET title = $title, content = $content, updated_at = $updated WHERE id = $id",
                    ("$title", changed.Title),
                    ("$content", changed.Content),
                    ("$updated", changed.UpdatedAt.ToUnixTimeMilliseconds()),
                    ("$id", id.ToString()));
                command.ExecuteNonQuery();
                transaction.Commit();
                return changed;
            },
            cancellationToken);

    public Task DeleteAsync(Guid id, CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM documents WHERE id = $id", cancellationToken, ("$id", id.ToString()));

    /// <summary>The newest documents below a row, newest first, whoever may see them.</summary>
    public Task<IReadOnlyList<DocumentRow>> ListAsync(long? before, int count, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection =>
            {
                using var command = connection.Command(
                    """
                    SELECT row, id, title, owner_id, created_at, updated_at FROM documents
                    WHERE row < $before ORDER BY row DESC LIMIT $count
                    """,
                    ("$before", before ?? long.MaxValue),
                    ("$count", count));
                return command.ReadAll(reader => new DocumentRow(
                    reader.GetInt64(0),
                    new DocumentSummary(
                        Guid.Parse(reader.GetString(1)),
                        reader.GetString(2),
                        reader.GetString(3),
                        reader.GetTime(4),
                        reader.GetTime(5))));
            },
            cancellationToken);

    /// <summary>The newest documents below a row that a person or an API key of theirs owns, newest first.</summary>
    public Task<IReadOnlyList<(long Row, Document Document)>> ListOwnedAsync(
        Guid person,
        long? before,
        int count,
        CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection =>
            {
                // A key's id begins with its owner's; the last character of the range is the one behind the hyphen.
                var keys = CallerSubject.ClientPrefix + ApiKeyId.PrefixOf(person);
                using var command = connection.Command(
                    """
                    SELECT row, id, title, content, owner_id, created_at, updated_at FROM documents
                    WHERE row < $before AND (owner_id = $person OR (owner_id >= $keys AND owner_id < $beyond)) ORDER BY row DESC LIMIT $count
                    """,
                    ("$before", before ?? long.MaxValue),
                    ("$person", person.ToString()),
                    ("$keys", keys),
                    ("$beyond", keys[..^1] + (char)(keys[^1] + 1)),
                    ("$count", count));
                return command.ReadAll(reader => (
                    reader.GetInt64(0),
                    new Document(
                        Guid.Parse(reader.GetString(1)),
                        reader.GetString(2),
                        reader.GetString(3),
                        reader.GetString(4),
                        reader.GetTime(5),
                        reader.GetTime(6))));
            },
            cancellationToken);

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        database.WriteAsync(
            connection =>
            {
                using var command = connection.Command(sql, parameters);
                return command.ExecuteNonQuery();
            },
            cancellationToken);

    private static Document? Find(SqliteConnection connection, Guid id)
    {
        using var command = connection.Command(
            "SELECT id, title, content, owner_id, created_at, updated_at FROM documents WHERE id = $id",
            ("$id", id.ToString()));
        return command.ReadAll(reader => new Document(
            Guid.Parse(reader.GetString(0)),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            reader.GetTime(4),
            reader.GetTime(5))) is [var document] ? document : null;
    }
}
