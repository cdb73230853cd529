using System.Data.Common;
using NovaId.Api.Authorization;
using NovaId.Api.Keys;
using NovaId.Api.Storage;

namespace NovaId.Api.Documents;

/// <summary>The documents in the database. Who may see them is not written here: Keto alone knows.</summary>
internal sealed class DocumentStore(Database database)
{
    public const string SqliteSchema = """
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

    /// <summary>The owner is compared byte by byte, as <see cref="ListOwnedAsync"/> needs it.</summary>
    public const string PostgresSchema = $"""
        CREATE TABLE {Storage.PostgresDatabase.Schema}.documents (
            row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id text NOT NULL UNIQUE,
            title text NOT NULL,
            content text NOT NULL,
            owner_id text COLLATE "C" NOT NULL,
            created_at bigint NOT NULL,
            updated_at bigint NOT NULL
        );
        CREATE INDEX documents_by_owner ON {Storage.PostgresDatabase.Schema}.documents (owner_id, row);
        """;

    public Task InsertAsync(Document document, CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO documents (id, title, content, owner_id, created_at, updated_at)
        VALUES (@id, @title, @content, @owner, @created, @updated)
        """,
        cancellationToken,
        ("@id", document.Id.ToString()),
        ("@title", document.Title),
        ("@content", document.Content),
        ("@owner", document.OwnerId),
        ("@created", document.CreatedAt.ToUnixTimeMilliseconds()),
        ("@updated", document.UpdatedAt.ToUnixTimeMilliseconds()));

    public Task<Document?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync((connection, cancelled) => FindAsync(connection, id, "", cancelled), cancellationToken);

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
            async (connection, cancelled) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancelled);
                if (await FindAsync(connection, id, database.ForUpdate, cancelled) is not { } present)
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
                await using var command = connection.Command(
                    "UPDATE documents SET title = @title, content = @content, updated_at = @updated WHERE id = @id",
                    ("@title", changed.Title),
                    ("@content", changed.Content),
                    ("@updated", changed.UpdatedAt.ToUnixTimeMilliseconds()),
                    ("@id", id.ToString()));
                await command.ExecuteNonQueryAsync(cancelled);
                await transaction.CommitAsync(CancellationToken.None);
                return changed;
            },
            cancellationToken);

    public Task DeleteAsync(Guid id, CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM documents WHERE id = @id", cancellationToken, ("@id", id.ToString()));

    /// <summary>The newest documents below a row, newest first, whoever may see them.</summary>
    public Task<IReadOnlyList<DocumentRow>> ListAsync(long? before, int count, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (connection, cancelled) =>
            {
                await using var command = connection.Command(
                    """
                    SELECT row, id, title, owner_id, created_at, updated_at FROM documents
                    WHERE row < @before ORDER BY row DESC LIMIT @count
                    """,
                    ("@before", before ?? long.MaxValue),
                    ("@count", count));
                return await command.ReadAllAsync(reader => new DocumentRow(
                    reader.GetInt64(0),
                    new DocumentSummary(
                        Guid.Parse(reader.GetString(1)),
                        reader.GetString(2),
                        reader.GetString(3),
                        reader.GetTime(4),
                        reader.GetTime(5))), cancelled);
            },
            cancellationToken);

    /// <summary>The newest documents below a row that a person or an API key of theirs owns, newest first.</summary>
    public Task<IReadOnlyList<(long Row, Document Document)>> ListOwnedAsync(
        Guid person,
        long? before,
        int count,
        CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (connection, cancelled) =>
            {
                // A key's id begins with its owner's; the last character of the range is the one behind the hyphen.
                var keys = CallerSubject.ClientPrefix + ApiKeyId.PrefixOf(person);
                await using var command = connection.Command(
                    """
                    SELECT row, id, title, content, owner_id, created_at, updated_at FROM documents
                    WHERE row < @before AND (owner_id = @person OR (owner_id >= @keys AND owner_id < @beyond)) ORDER BY row DESC LIMIT @count
                    """,
                    ("@before", before ?? long.MaxValue),
                    ("@person", person.ToString()),
                    ("@keys", keys),
                    ("@beyond", keys[..^1] + (char)(keys[^1] + 1)),
                    ("@count", count));
                return await command.ReadAllAsync(reader => (
                    reader.GetInt64(0),
                    new Document(
                        Guid.Parse(reader.GetString(1)),
                        reader.GetString(2),
                        reader.GetString(3),
                        reader.GetString(4),
                        reader.GetTime(5),
                        reader.GetTime(6))), cancelled);
            },
            cancellationToken);

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        database.WriteAsync(
            async (connection, cancelled) =>
            {
                await using var command = connection.Command(sql, parameters);
                return await command.ExecuteNonQueryAsync(cancelled);
            },
            cancellationToken);

    private static async Task<Document?> FindAsync(DbConnection connection, Guid id, string forUpdate, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            "SELECT id, title, content, owner_id, created_at, updated_at FROM documents WHERE id = @id" + forUpdate,
            ("@id", id.ToString()));
        var documents = await command.ReadAllAsync(
            reader => new Document(
                Guid.Parse(reader.GetString(0)),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetTime(4),
                reader.GetTime(5)),
            cancellationToken);
        return documents is [var document] ? document : null;
    }
}
