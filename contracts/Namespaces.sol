// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";

/// @title Who owns which repository prefixes
/// @notice Along any path from the root ("") to a repository at most one organisation owns namespaces; it may nest
/// its own. A prefix ends where a path component ends: "docker.io/acme" does not hold "docker.io/acmeevil".
abstract contract Namespaces is IDaoChainRegistry {
    uint256 internal constant MAX_NAMESPACES = 64;
    uint256 internal constant MAX_REPOSITORY = 255;

    mapping(bytes32 namespaceHash => bytes32 organisation) private _owners;
    /// How many namespaces, of anyone, lie strictly beneath a prefix.
    mapping(bytes32 prefixHash => uint256 count) private _beneath;
    mapping(bytes32 organisation => string[] namespaces) private _namespaces;

    /// @inheritdoc IDaoChainRegistry
    function ownerOf(string calldata repository) public view returns (bytes32 owner, string memory namespace) {
        bytes calldata path = bytes(repository);
        if (path.length > MAX_REPOSITORY) revert TooLong("repository", MAX_REPOSITORY);
        for (uint256 end = path.length; end > 0; --end) {
            if (!_isBoundary(path, end)) continue;
            owner = _owners[keccak256(path[:end])];
            if (owner != 0) return (owner, string(path[:end]));
        }
        return (_owners[keccak256("")], "");
    }

    function _namespacesOf(bytes32 owner) internal view returns (string[] memory) {
        return _namespaces[owner];
    }

    function _addNamespace(bytes32 owner, string calldata namespace) internal {
        bytes calldata path = bytes(namespace);
        if (!_isNamespace(path)) revert NamespaceInvalid(namespace);
        string[] storage own = _namespaces[owner];
        if (own.length >= MAX_NAMESPACES) revert TooMany("namespaces", MAX_NAMESPACES);

        bytes32 hash = keccak256(path);
        if (_owners[hash] != 0) revert NamespaceTaken(namespace, _owners[hash]);
        uint256 ownBeneath = 0;
        for (uint256 i = 0; i < own.length; ++i) {
            if (_liesBeneath(bytes(own[i]), path.length, hash)) ++ownBeneath;
        }
        // Somebody else's lie beneath it; there may be several owners, so none is named.
        if (_beneath[hash] != ownBeneath) revert NamespaceTaken(namespace, 0);

        for (uint256 end = 0; end < path.length; ++end) {
            if (!_isBoundary(path, end)) continue;
            bytes32 above = keccak256(path[:end]);
            bytes32 ownerAbove = _owners[above];
            if (ownerAbove != 0 && ownerAbove != owner) revert NamespaceTaken(namespace, ownerAbove);
            ++_beneath[above];
        }
        _owners[hash] = owner;
        own.push(namespace);
        emit NamespaceAdded(owner, namespace);
    }

    function _removeNamespace(bytes32 owner, string calldata namespace) internal {
        bytes calldata path = bytes(namespace);
        bytes32 hash = keccak256(path);
        if (_owners[hash] != owner) revert NamespaceNotOwned(namespace, owner);
        delete _owners[hash];
        for (uint256 end = 0; end < path.length; ++end) {
            if (_isBoundary(path, end)) --_beneath[keccak256(path[:end])];
        }
        string[] storage own = _namespaces[owner];
        uint256 last = own.length - 1;
        for (uint256 i = 0; i < last; ++i) {
            if (keccak256(bytes(own[i])) == hash) {
                own[i] = own[last];
                break;
            }
        }
        own.pop();
        emit NamespaceRemoved(owner, namespace);
    }

    /// Whether a prefix of this length ends with a path component; 0 is the root, which is a prefix of everything.
    function _isBoundary(bytes calldata path, uint256 end) private pure returns (bool) {
        return end == 0 || end == path.length || path[end] == "/";
    }

    /// Whether a path lies strictly beneath the prefix of the length and hash given.
    function _liesBeneath(bytes memory path, uint256 length, bytes32 hash) private pure returns (bool) {
        if (path.length <= length) return false;
        if (length == 0) return true;
        return path[length] == "/" && keccak256(Bytes.slice(path, 0, length)) == hash;
    }

    /// Components of a-z and 0-9, with '.', '_' and '-' inside them; the first may be a host with a port.
    function _isNamespace(bytes calldata path) private pure returns (bool) {
        if (path.length == 0) return true;
        if (path.length > MAX_REPOSITORY) return false;
        bytes1 previous = "/";
        bool inFirst = true;
        bool inPort = false;
        for (uint256 i = 0; i < path.length; ++i) {
            bytes1 char = path[i];
            if (char == "/") {
                if (!_isAlphanumeric(previous)) return false;
                inFirst = false;
                inPort = false;
            } else if (char == ":") {
                if (!inFirst || inPort || !_isAlphanumeric(previous)) return false;
                inPort = true;
            } else if (inPort) {
                if (char < "0" || char > "9") return false;
            } else if (char == "." || char == "_" || char == "-") {
                if (previous == "/") return false;
            } else if (!_isAlphanumeric(char)) {
                return false;
            }
            previous = char;
        }
        return _isAlphanumeric(previous);
    }

    function _isAlphanumeric(bytes1 char) internal pure returns (bool) {
        return (char >= "a" && char <= "z") || (char >= "0" && char <= "9");
    }
}
