package pages

// NowherePage says that a path, or its method, is not there, and leads back.
type NowherePage struct {
	Method, Path string
	Allowed      string // the methods that the path has, or empty: there is no such path
}

func (NowherePage) template() string { return "nowhere" }
