namespace NovaId.Emulator.Kratos.Strategies;

/// <summary>One method of kratos.yml. It takes part in the flows whose interfaces it has: there it puts its inputs into the form, and
/// answers what is submitted for it.</summary>
internal interface IStrategy
{
    /// <summary>Its name: below <c>selfservice.methods</c>, in the field <c>method</c>, and as the type of its credentials.</summary>
    string Method { get; }
}
