namespace NovaId.Emulator.Keto.Opl;

/// <summary>The expression of a permission, in the shape that Keto evaluates.</summary>
internal abstract record OplExpression
{
    /// <summary>This expression as the operand of an operator: a union of one, unless it is a rewrite already.</summary>
    public virtual SubjectSetRewrite AsRewrite() => new(OplOperator.Or, [this]);

    /// <summary>Several expressions under one operator.</summary>
    internal sealed record SubjectSetRewrite(OplOperator Operator, IReadOnlyList<OplExpression> Children) : OplExpression
    {
        public override SubjectSetRewrite AsRewrite() => this;
    }

    /// <summary>Another relation or permission of the same object.</summary>
    internal sealed record ComputedSubjectSet(string Relation) : OplExpression;

    /// <summary>A relation or permission of every object that a relation leads to.</summary>
    internal sealed record TupleToSubjectSet(string Relation, string ComputedRelation) : OplExpression;

    /// <summary>The opposite of another expression.</summary>
    internal sealed record InvertResult(OplExpression Child) : OplExpression;
}
