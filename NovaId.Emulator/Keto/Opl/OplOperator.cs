namespace NovaId.Emulator.Keto.Opl;

/// <summary>How the parts of a rewrite are put together.</summary>
internal enum OplOperator
{
    Or,
    And,
}
