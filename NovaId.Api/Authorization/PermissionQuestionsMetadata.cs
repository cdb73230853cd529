namespace NovaId.Api.Authorization;

/// <summary>Gives an endpoint its <see cref="IPermissionQuestions"/>.</summary>
internal sealed record PermissionQuestionsMetadata(IPermissionQuestions Questions);
