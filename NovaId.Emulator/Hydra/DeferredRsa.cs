using System.Security.Cryptography;

namespace NovaId.Emulator.Hydra;

/// <summary>
/// An RSA key that is made when it is first used. Hydra makes its keys lazily as well, and making one takes longer than the whole start.
/// </summary>
internal sealed class DeferredRsa : RSA
{
    private const int Bits = 2048;

    private readonly Lazy<RSA> _key = new(() => Create(Bits));

    public DeferredRsa()
    {
        LegalKeySizesValue = [new KeySizes(Bits, Bits, 0)];
        KeySizeValue = Bits;
    }

    public override RSAParameters ExportParameters(bool includePrivateParameters) => _key.Value.ExportParameters(includePrivateParameters);

    public override void ImportParameters(RSAParameters parameters) =>
        throw new NotSupportedException("The key is made here and is not replaced.");

    public override byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) =>
        _key.Value.SignHash(hash, hashAlgorithm, padding);

    public override bool VerifyHash(byte[] hash, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) =>
        _key.Value.VerifyHash(hash, signature, hashAlgorithm, padding);

    protected override void Dispose(bool disposing)
    {
        if (disposing && _key.IsValueCreated)
        {
            _key.Value.Dispose();
        }

        base.Dispose(disposing);
    }
}
