namespace NovaId.Contract.Drivers;

/// <summary>A person whom many cases share. They log in anew before their login is too old for what asks for a recent one.</summary>
internal sealed class SharedPerson(Func<Task<Person>> createAsync, Func<Person, Task<Person>> loginAsync)
{
    /// <summary>Well below the fifteen minutes of the API (<c>Assurance:MaximumAge</c>): a case may take a while.</summary>
    private static readonly TimeSpan LoginAge = TimeSpan.FromMinutes(8);

    private readonly Lock _lock = new();
    private Task<Person>? _person;
    private DateTimeOffset _until;

    public Task<Person> FindAsync()
    {
        lock (_lock)
        {
            if (_person is null)
            {
                _person = createAsync();
            }
            else if (DateTimeOffset.UtcNow > _until)
            {
                _person = AgainAsync(_person);
            }
            else
            {
                return _person;
            }

            _until = DateTimeOffset.UtcNow + LoginAge;
            return _person;
        }
    }

    private async Task<Person> AgainAsync(Task<Person> person) => await loginAsync(await person);
}
