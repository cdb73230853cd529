namespace NovaId.Tests.Zones;

/// <summary>Hands everything on at once, and keeps a copy as long as it is not too much.</summary>
internal sealed class RememberingStream(Stream inner, int limit) : Stream
{
    private readonly MemoryStream _copy = new();
    private bool _isTooMuch;

    /// <summary>Everything that was written; null if that was too much.</summary>
    public ReadOnlyMemory<byte>? Written => _isTooMuch ? null : _copy.GetBuffer().AsMemory(0, (int)_copy.Length);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _isTooMuch |= _copy.Length + buffer.Length > limit;
        if (!_isTooMuch)
        {
            _copy.Write(buffer.Span);
        }

        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
