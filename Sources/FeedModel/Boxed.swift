/// A box for what few items have, so that all the others pay a word for it.
indirect enum Boxed<Value: Hashable & Sendable>: Hashable, Sendable {
  case value(Value)
}
