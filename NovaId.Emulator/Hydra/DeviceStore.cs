namespace NovaId.Emulator.Hydra;

/// <summary>The devices that wait for somebody to agree, in memory.</summary>
internal sealed class DeviceStore(HydraSettings settings, TimeProvider time)
{
    private const int AddsBetweenCleanings = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DeviceRequest> _requests = [];
    private int _added;

    /// <summary>Keeps a request; false if its user code is in use.</summary>
    public bool TryAdd(DeviceRequest request)
    {
        lock (_lock)
        {
            if (++_added % AddsBetweenCleanings == 0)
            {
                Clean();
            }

            if (_requests.Values.Any(known => known.UserCode == request.UserCode))
            {
                return false;
            }

            _requests.Add(request.DeviceCodeName, request);
            return true;
        }
    }

    public DeviceRequest? FindByDeviceCode(string? name)
    {
        lock (_lock)
        {
            return name is null ? null : _requests.GetValueOrDefault(name);
        }
    }

    public DeviceRequest? FindByUserCode(string code) => Find(request => request.UserCode == code);

    public DeviceRequest? FindById(string id) => Find(request => request.Id == id);

    /// <summary>Records what somebody has granted.</summary>
    public void Grant(DeviceRequest request, TokenSession session)
    {
        lock (_lock)
        {
            if (_requests.ContainsKey(request.DeviceCodeName))
            {
                _requests[request.DeviceCodeName] = request with { Session = session };
            }
        }
    }

    /// <summary>Uses a code up; false if that happened before.</summary>
    public bool TryTake(DeviceRequest request)
    {
        lock (_lock)
        {
            return _requests.Remove(request.DeviceCodeName);
        }
    }

    public void RemoveClient(string clientId)
    {
        lock (_lock)
        {
            foreach (var request in _requests.Values.Where(request => request.Client.Id == clientId).ToArray())
            {
                _requests.Remove(request.DeviceCodeName);
            }
        }
    }

    private DeviceRequest? Find(Func<DeviceRequest, bool> condition)
    {
        lock (_lock)
        {
            return _requests.Values.FirstOrDefault(condition);
        }
    }

    /// <summary>What has run out is kept as long again, so that it is told from what never was.</summary>
    private void Clean()
    {
        var limit = time.GetUtcNow() - settings.DeviceCodeLifespan;
        foreach (var request in _requests.Values.Where(request => request.ExpiresAt < limit).ToArray())
        {
            _requests.Remove(request.DeviceCodeName);
        }
    }
}
