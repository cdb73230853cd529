namespace NovaId.Emulator.Keto.Opl;

/// <summary>A relation of a namespace, or, with an expression, one of its permissions: Keto keeps both under one roof.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Types">What it may lead to; empty for a permission.</param>
/// <param name="Rewrite">The expression of a permission.</param>
internal sealed record OplRelation(string Name, IReadOnlyList<OplRelationType> Types, OplExpression.SubjectSetRewrite? Rewrite);
