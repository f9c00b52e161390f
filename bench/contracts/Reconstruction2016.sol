// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A reconstruction of how the DaoChain of 2016 recorded an image, for comparison alone: texts in a struct in a mapping by
/// the image's name, overwritten by the next one, with no signature but the transaction's own.
contract Reconstruction2016 {
    struct Image {
        string digest;
        address signer;
        uint256 time;
    }

    mapping(string name => Image) public images;

    event Signed(string name, string digest, address signer);

    function sign(string calldata name, string calldata digest) external {
        images[name] = Image({digest: digest, signer: msg.sender, time: block.timestamp});
        emit Signed(name, digest, msg.sender);
    }
}
