namespace NovaId.Api.Http;

/// <summary>
/// A body of unknown length that ends in 413 once it is too long. The server's own limit would cut the connection there and then, while the
/// client still sends, so that it never hears why.
/// </summary>
internal sealed class BoundedBody(Stream body, int maximum) : Stream
{
    private long _length;

    /// <summary>Whether anybody wanted any of it.</summary>
    public bool WasRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        WasRead = true;
        var count = await body.ReadAsync(buffer, cancellationToken);
        _length += count;
        return _length <= maximum ? count : throw Refusal.TooLarge(maximum).AsException();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
